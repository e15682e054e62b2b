"""The counsellors' desk: who may answer, when somebody is there, and what a counsellor does.

Its page is `bot/channels/counsellor`'s matter; opening tickets is `bot.tickets`'.
"""
