"""The Requests page: from complaint to answer."""
