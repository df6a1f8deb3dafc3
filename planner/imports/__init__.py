"""What comes into the planner: one module per kind of file, each guarded and previewed before anything is recorded."""
