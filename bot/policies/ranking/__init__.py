"""Which unit of the policy base answers a message within the talk: a claim, or an aspect."""
