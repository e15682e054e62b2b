"""What the bot could not answer: questions without a person, in groups that are worked through."""
