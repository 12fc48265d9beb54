"""One method for each thing a person (or the product) does.

A service owns the transaction, the permission check and the audit record; the rules are in
``domain``, the SQL in ``storage``.
"""
