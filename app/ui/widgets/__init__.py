"""The small common stock of widgets; each knows the theme and nothing of credits."""
