"""The application: commands, the plan in time, routing, imports, exports and the command line."""
