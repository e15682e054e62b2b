"""The log of looks at people and of what staff changed: appended, chained, verified."""
