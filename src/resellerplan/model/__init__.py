"""What a reseller owns: customers, hosting plans, add-ons, spaces, and the estate they make up.

Here lives: frozen values of the standard library, addresses, the table of kinds and fields, the catalogue of quotas as data.
Does not know: YAML, SOAP, the panel, any third-party package.
Start reading at: resource.py (the closed union), estate.py, traits.py (THE TABLE).
"""
