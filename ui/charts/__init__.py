"""Charts of the plan: first the data as pure functions, then the drawing."""
