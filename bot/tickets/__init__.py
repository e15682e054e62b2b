"""Tickets: a conversation that needs a person, opened by the bot, read and closed by both sides.

Who answers it, and how his words get out, is `bot.desk`'s matter.
"""
