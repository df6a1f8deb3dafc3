"""The language of the field: values, events, entities, refusals and rules, all pure."""
