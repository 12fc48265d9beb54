"""The page of activity: every act of staff, and whether its record is whole."""
