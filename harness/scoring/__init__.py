"""From gold and predictions to outcomes, counts and metrics. Pure: no file, clock, network or screen."""
