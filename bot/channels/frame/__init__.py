"""The frame of a channel: once only, in the sender's order, within limits, answered or sent later.

What a channel's protocol looks like and how its words are sent is the channel's own matter.
"""
