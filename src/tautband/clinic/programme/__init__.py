"""What a client does at home: exercises and habits with dose, pictures, diary and check-ins."""
