"""The Users page: find anyone, and know why their balance is what it is."""
