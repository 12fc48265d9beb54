"""The page of settings: what the person chose for this computer, and what the policy allows."""
