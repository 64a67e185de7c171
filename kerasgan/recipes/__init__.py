"""What is trained: recipes as data, how they are read and checked, and the model they describe."""
