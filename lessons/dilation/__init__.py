"""Where does 60x60 come from?"""
