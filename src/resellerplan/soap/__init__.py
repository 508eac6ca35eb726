"""SOAP as a language: envelopes, XSD scalars, .NET DataSets, faults.

Here lives: bytes <-> values, strict and streamed.
Does not know: any panel, any kind, the network.
Start reading at: envelope.py.
"""
