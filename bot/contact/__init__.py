"""What channels remember of their contacts: what was seen, offered and sent, and with what token.

Knows no channel's protocol and no Rasa; whom an address belongs to is `bot/seekers`.
"""
