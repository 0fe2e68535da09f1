package io.streamcell.operators;

import io.streamcell.models.Models;
import io.streamcell.models.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.fs.FileSystem;

/**
 * What is in a model file.
 *
 * @param sha256 of its bytes, followed by those of the files beside it, in hexadecimal
 */
record ModelFile(String sha256, Network network) {
    /**
     * What a file's bytes must be.
     *
     * @param sha256 in hexadecimal, or empty where any will do
     * @param saidBy for the message, such as "as model.sha256 says"
     */
    record Pin(String sha256, String saidBy) {
        static final Pin NONE = new Pin("", "");

        private void check(String uri, String found) throws OtherModelException {
            if (!sha256.isEmpty() && !sha256.equalsIgnoreCase(found)) {
                throw new OtherModelException(
                        "model %s must be the file with SHA-256 %s %s, got %s: was it overwritten?"
                                .formatted(uri, sha256, saidBy, found));
            }
        }
    }

    /**
     * Reads a file, but not one that is not as it must be: no reader sees that.
     *
     * @throws OtherModelException if its bytes are others
     */
    static ModelFile read(String uri, Pin pin) throws IOException {
        org.apache.flink.core.fs.Path source = path(uri);
        Path folder = Files.createTempDirectory("streamcell-model");
        List<Path> copies = new ArrayList<>();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Path model = copy(source, folder, digest, copies);
            for (String name : Models.beside(model)) {
                copy(
                        new org.apache.flink.core.fs.Path(source.getParent(), name),
                        folder,
                        digest,
                        copies);
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            pin.check(uri, sha256);
            return new ModelFile(sha256, Models.read(model));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } finally {
            for (Path copy : copies) {
                Files.deleteIfExists(copy);
            }
            Files.deleteIfExists(folder);
        }
    }

    private static org.apache.flink.core.fs.Path path(String uri) throws IOException {
        try {
            return new org.apache.flink.core.fs.Path(uri);
        } catch (IllegalArgumentException e) {
            throw new IOException("it must be a path or a URI: " + e.getMessage(), e);
        }
    }

    private static Path name(org.apache.flink.core.fs.Path source) throws IOException {
        try {
            return Path.of(source.getName());
        } catch (InvalidPathException e) {
            throw new IOException("its name must be one that a file can have", e);
        }
    }

    private static Path copy(
            org.apache.flink.core.fs.Path source,
            Path folder,
            MessageDigest digest,
            List<Path> copies)
            throws IOException {
        FileSystem files = source.getFileSystem();
        Path copy = folder.resolve(name(source));
        copies.add(copy);
        try (InputStream stream = new DigestInputStream(files.open(source), digest)) {
            Files.copy(stream, copy);
        }
        return copy;
    }
}
