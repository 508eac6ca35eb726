"""The panel's objects in the model's words, and back: one file per kind.

Here lives: which member is which field, numbers of roles and statuses.
Does not know: calls, the network.
Start reading at: customer.py.
"""
