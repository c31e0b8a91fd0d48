package io.gantry.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The file into which QEMU writes what a guest prints. It may be written to, or not exist yet, at any time. */
record ConsoleLog(Path file) {
    private static final int TAIL = 64 * 1024;

    /** Where the next line that is not complete yet starts. */
    long end() {
        long size = size();
        String tail = read(Math.max(0, size - TAIL));
        return size - (tail.length() - (tail.lastIndexOf('\n') + 1));
    }

    List<String> lastLines(int count) {
        List<String> lines = lines(Math.max(0, size() - TAIL));
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** The last line, near the end of the file, of which {@code parser} makes something. */
    <T> Optional<T> last(Function<String, Optional<T>> parser) {
        return lines(Math.max(0, size() - TAIL)).stream()
                .flatMap(line -> parser.apply(line).stream())
                .reduce((first, second) -> second);
    }

    /** The first line from {@code position} on of which {@code parser} makes something. */
    <T> Optional<T> first(long position, Function<String, Optional<T>> parser) {
        return lines(position).stream()
                .flatMap(line -> parser.apply(line).stream())
                .findFirst();
    }

    /** The complete lines from {@code position} on. */
    List<String> lines(long position) {
        String text = read(position);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().collect(Collectors.toList());
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(long position) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - position));
            while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {
                // read on
            }
            // one character per byte, so that lengths of text are lengths in the file
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
