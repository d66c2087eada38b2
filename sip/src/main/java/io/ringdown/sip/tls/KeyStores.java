package io.ringdown.sip.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** Key stores in memory, holding one key. */
public final class KeyStores {
    private KeyStores() {}

    /** A key store without a password that holds this key and its chain, the leaf first. */
    public static KeyStore of(PrivateKey key, X509Certificate... chain) throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            store.setKeyEntry("ringdown", key, new char[0], chain);
            return store;
        } catch (GeneralSecurityException | IOException unusable) {
            throw new CertificateException("the key and the certificate cannot be used together: " + unusable);
        }
    }
}
