"""The commands, by noun: methods that take their arguments and ``by``, ``reason``, ``command_id``, ``occurred_at``."""
