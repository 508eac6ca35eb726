"""The two faces of the panel: bytes of a request in, bytes of a reply out.

Here lives: reading and writing SOAP as SolidCP 1.x (ASMX) and FuseCP 2.x (CoreWCF) do; values of wire.py lie between.
Does not know: what any operation does, the store.
Start reading at: asmx.py and corewcf.py.
"""
