"""Casework of the employment service: duties, people, registrations, contacts, promises, plans.

What the office keeps of a person is another record than what a seeker told in a chat: another
ground (个人信息保护法 第十三条第一款第三项), other tables, joined by an explicit link alone.
"""
