package io.gantry.jmh.remote;

import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.instance.AdminPassword;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Arguments and results of calls on the wire, by the types that their methods declare. */
final class Values {
    private record DiskForm(DiskFormat format, DiskSize virtualSize, long contentBytes) {}

    private Values() {}

    static void argument(Wire wire, Object value) throws IOException {
        if (value instanceof ImageSource source) {
            wire.value(source.image());
        } else if (value instanceof DiskSource source) {
            wire.value(new DiskForm(source.format(), source.virtualSize(), source.contentBytes()));
        } else if (value instanceof AdminPassword password) {
            wire.text(password.reveal());
        } else if (value instanceof GuestSpec spec) {
            wire.value(GuestForm.of(spec));
        } else {
            wire.value(value);
        }
    }

    /** Sends the content of a call's source when the other side asks for it. */
    static void content(Wire wire, Object source) throws IOException {
        byte[] content;
        try (InputStream in = source instanceof ImageSource image ? image.open() : ((DiskSource) source).open()) {
            content = in.readAllBytes();
        } catch (IOException | RuntimeException e) {
            wire.number(Wire.FAILURE);
            wire.failure(e);
            wire.flush();
            return;
        }
        wire.number(Wire.RESULT);
        wire.bytes(content);
        wire.flush();
    }

    static Object readArgument(Wire wire, Class<?> type) throws IOException {
        if (type == ImageSource.class) {
            Image image = wire.read(Image.class);
            return new ImageSource() {
                @Override
                public Image image() {
                    return image;
                }

                @Override
                public InputStream open() throws IOException {
                    return ask(wire);
                }
            };
        }
        if (type == DiskSource.class) {
            return diskSource(wire);
        }
        if (type == AdminPassword.class) {
            return AdminPassword.of(wire.readText());
        }
        return type == GuestSpec.class ? wire.read(GuestForm.class).toSpec() : wire.read(type);
    }

    private static DiskSource diskSource(Wire wire) throws IOException {
        DiskForm form = wire.read(DiskForm.class);
        return new DiskSource() {
            @Override
            public DiskFormat format() {
                return form.format();
            }

            @Override
            public DiskSize virtualSize() {
                return form.virtualSize();
            }

            @Override
            public long contentBytes() {
                return form.contentBytes();
            }

            @Override
            public InputStream open() throws IOException {
                return ask(wire);
            }
        };
    }

    private static InputStream ask(Wire wire) throws IOException {
        wire.number(Wire.CONTENT);
        wire.flush();
        if (wire.readNumber() == Wire.RESULT) {
            return new ByteArrayInputStream(wire.readBytes());
        }
        throw new IOException("The caller could not read the content", wire.readFailure());
    }

    static void result(Wire wire, @Nullable Object value) throws IOException {
        if (value instanceof byte[] bytes) {
            wire.bytes(bytes);
        } else if (value instanceof InputStream in) {
            try (in) {
                wire.bytes(in.readAllBytes());
            }
        } else if (value instanceof List<?> list) {
            wire.number(list.size());
            for (Object element : list) {
                wire.value(element);
            }
        } else if (value instanceof Optional<?> optional) {
            result(wire, optional.stream().toList());
        } else if (value != null) {
            wire.value(value);
        }
    }

    static @Nullable Object readResult(Wire wire, Class<?> type, Type generic) throws IOException {
        if (type == void.class) {
            return null;
        }
        if (type == byte[].class) {
            return wire.readBytes();
        }
        if (type == InputStream.class) {
            return new ByteArrayInputStream(wire.readBytes());
        }
        if (type == List.class || type == Optional.class) {
            List<Object> elements = readElements(wire, generic);
            return type == List.class
                    ? List.copyOf(elements)
                    : elements.stream().findFirst();
        }
        return wire.read(type);
    }

    private static List<Object> readElements(Wire wire, Type generic) throws IOException {
        Class<?> element = elementType(generic);
        int count = wire.readNumber();
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(wire.read(element));
        }
        return elements;
    }

    static Class<?> elementType(Type generic) {
        return (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
    }
}
