"""Tickets: a conversation that needs a person, opened by the bot, read and closed by both sides.

Counsellors and their answers are `bot.desk`'s matter.
"""
