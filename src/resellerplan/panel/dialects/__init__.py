"""How the two kinds of panel want to be spoken to.

Here lives: URLs, SOAPActions, namespaces, credentials, member orders, nulls.
Does not know: which calls there are, what they mean.
Start reading at: dialect.py, then solidcp1.py and fusecp2.py.
"""
