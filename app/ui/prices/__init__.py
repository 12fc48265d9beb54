"""The price list: read, edited as a draft, published as a version."""
