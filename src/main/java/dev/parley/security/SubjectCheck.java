package dev.parley.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Refuses a token whose subject can't be the id of a user. Quarkus only requires that a subject
 * exists. An empty subject can't be the key of an index, so a read with it would find nothing.
 */
@Singleton
class SubjectCheck implements SecurityIdentityAugmentor {

    @Override
    public Uni<SecurityIdentity> augment(
            SecurityIdentity identity, AuthenticationRequestContext context) {
        return identity.isAnonymous() || Callers.name(identity.getPrincipal()).isPresent()
                ? Uni.createFrom().item(identity)
                : Uni.createFrom().failure(AuthenticationFailedException::new);
    }
}
