"""The student in the kitchen: the planner with lessons on top, taught by search, judged on kitchens it has not seen."""
