/**
 * What {@code k8s/} deploys: each overlay is built with {@code kubectl kustomize} and looked at as
 * a whole, since there is no cluster here that would refuse it. {@link dev.parley.k8s.Inspection}
 * tells what is wrong; a list of single edits shows that it sees each of them.
 */
@NullMarked
package dev.parley.k8s;

import org.jspecify.annotations.NullMarked;
