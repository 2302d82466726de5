"""The book: claims and the short tests that judge them.

A package, so that a test file of the user's with the same name does not break collection.
"""
