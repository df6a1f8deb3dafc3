"""The commands, by noun: each method takes its arguments and ``by=``, ``reason=``, ``command_id=``, ``occurred_at=``."""
