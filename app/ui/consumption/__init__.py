"""The page of consumption: what is used by month, who is behind it, and how that changed."""
