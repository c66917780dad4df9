package dev.parley.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Takes a token for no good one if its subject can't be a user's id. Quarkus wants a subject only
 * to be there; an empty one is no key of an index, and would be asked for in vain.
 */
@Singleton
class NamedCallers implements SecurityIdentityAugmentor {

    @Override
    public Uni<SecurityIdentity> augment(
            SecurityIdentity identity, AuthenticationRequestContext context) {
        return identity.isAnonymous() || Callers.name(identity.getPrincipal()).isPresent()
                ? Uni.createFrom().item(identity)
                : Uni.createFrom().failure(AuthenticationFailedException::new);
    }
}
