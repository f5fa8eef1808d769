package io.verbatim.fuzz;

/// A public key whose private half nobody has: no token it is checked with can be good.
public final class KnownKey {
  public static final String PEM =
      "-----BEGIN PUBLIC KEY-----\n"
          + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvRI4eE+5n3XTVqxwT8oDIhzVIhNX3Bhg"
          + "5Axb32II6W19JXRb8m92DCWQAToqnNWoD+p2iDyQaojnmEm6E/6VXZvmBw7pywhKXed0OMD2hbU5"
          + "0/Rs+rKui7fJ8IN+8GnlRpnc0TBDYXRGr8aPbdbjG9yLiPzVpzJu4xU2VU39c9+sweWyEX7K4kUy"
          + "aRf2RRdQGtnL7tkx5FvEViGWedPi/FOuFgMq2Jq8eqJaC/JqbFsuDTU1YDDT90FxhFI9fBMwII7Z"
          + "6rbc1h+RaU/18C+risJLPivHgnmVamjo1+4hZL6ptjps9feOlEbg8ro54ewnC+v82j/Wb7MBNe1V"
          + "6kk4MwIDAQAB"
          + "\n-----END PUBLIC KEY-----\n";

  private KnownKey() {}
}
