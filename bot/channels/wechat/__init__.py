"""The WeChat official account: its requests, passive replies, and its API.

Facts from the platform's public documentation; what that leaves open is a constant that says so.
"""
