/**
 * Tests of {@code k8s/}. They build each overlay with {@code kubectl kustomize} and check the
 * result without a cluster. {@link dev.parley.k8s.Inspection} returns the problems of an overlay.
 * {@link dev.parley.k8s.InspectionIT} makes one mistake after the other in a correct overlay, and
 * verifies that the inspection finds each of them.
 */
@NullMarked
package dev.parley.k8s;

import org.jspecify.annotations.NullMarked;
