"""State of channels: messages seen, choices offered, messages sent, access tokens.

Knows no channel's protocol and no Rasa; `bot/seekers` knows the person of an address.
"""
