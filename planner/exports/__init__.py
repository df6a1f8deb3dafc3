"""What leaves the planner: one module per format."""
