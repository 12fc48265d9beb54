"""The page that says how everything stands, and opens what each figure is made of."""
