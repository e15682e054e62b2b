"""The counsellors' desk: accounts, office hours, work on tickets.

Its page is `bot/channels/counsellor`'s matter; opening tickets is `bot.tickets`'.
"""
