"""Operations compiled into Python: what graphql-core would find out for each value anew is found out once.

A plan answers what graphql-core answers, byte for byte, or it is abandoned and graphql-core answers.
"""
