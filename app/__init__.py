"""PixPretty Credits: the credits ledger of the PixPretty photo editor and its desk."""

__version__ = "0.1.0"
