"""Personal data: what is kept and why, when it ends, and the proof that it is gone.

What is said of it stands in data/privacy/register.yml; nothing here knows a channel's protocol or
Rasa.
"""
