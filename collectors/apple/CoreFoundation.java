package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The part of Apple's CoreFoundation that is needed to read what other libraries answer; signatures are those of its
 * public headers. Objects travel as {@code long}; 0 is none. What a function with Create or Copy in its name returns
 * is the caller's and has to be {@linkplain #release released}; what one with Get returns is not.
 *
 * <p>Nothing is taken to be of a type that it has not been asked for: an object of another type is as good as none.
 * For one thread at a time.
 */
final class CoreFoundation {

    /** {@code kCFStringEncodingUTF8}. */
    private static final int UTF_8 = 0x08000100;
    /** {@code kCFNumberSInt64Type}. */
    private static final long SIGNED_64 = 4;
    private static final int TEXT_BYTES = 256;

    private static final class Natives {
        static native void CFRelease(long object);

        static native long CFRetain(long object);

        static native byte CFEqual(long first, long second);

        static native long CFGetTypeID(long object);

        static native long CFStringGetTypeID();

        static native long CFDictionaryGetTypeID();

        static native long CFArrayGetTypeID();

        static native long CFDataGetTypeID();

        static native long CFNumberGetTypeID();

        static native long CFStringCreateWithCString(long allocator, String text, int encoding);

        static native byte CFStringGetCString(long string, long buffer, long bytes, int encoding);

        static native long CFDictionaryGetValue(long dictionary, long key);

        static native void CFDictionarySetValue(long dictionary, long key, long value);

        static native long CFDictionaryCreateMutableCopy(long allocator, long capacity, long dictionary);

        static native long CFArrayGetCount(long array);

        static native long CFArrayGetValueAtIndex(long array, long index);

        static native long CFArrayCreateMutable(long allocator, long capacity, long callbacks);

        static native void CFArrayAppendValue(long array, long value);

        static native long CFDataGetLength(long data);

        static native long CFDataGetBytePtr(long data);

        static native byte CFNumberGetValue(long number, long type, long value);
    }

    private final long arrayCallbacks;
    private final long strings;
    private final long dictionaries;
    private final long arrays;
    private final long datas;
    private final long numbers;
    private final Memory buffer = new Memory(TEXT_BYTES);
    private final long bufferAddress = Pointer.nativeValue(buffer);

    CoreFoundation(AppleLibraries libraries) throws CollectorUnavailableException {
        NativeLibrary library = AppleLibraries.bind(Natives.class, libraries.coreFoundation());
        arrayCallbacks = Pointer.nativeValue(library.getGlobalVariableAddress("kCFTypeArrayCallBacks"));
        strings = Natives.CFStringGetTypeID();
        dictionaries = Natives.CFDictionaryGetTypeID();
        arrays = Natives.CFArrayGetTypeID();
        datas = Natives.CFDataGetTypeID();
        numbers = Natives.CFNumberGetTypeID();
    }

    /** Gives an object back; none is left alone. */
    void release(long object) {
        if (object != 0) {
            Natives.CFRelease(object);
        }
    }

    /** Keeps an object that belongs to another one, until it is released. */
    long retain(long object) {
        return Natives.CFRetain(object);
    }

    boolean equal(long first, long second) {
        return Natives.CFEqual(first, second) != 0;
    }

    /** A new string. */
    long createString(String text) {
        return Natives.CFStringCreateWithCString(0, text, UTF_8);
    }

    /** A copy that can be changed. */
    long createMutableCopy(long dictionary) {
        return Natives.CFDictionaryCreateMutableCopy(0, 0, dictionary);
    }

    /** An empty array that keeps what is added to it. */
    long createArray() {
        return Natives.CFArrayCreateMutable(0, 0, arrayCallbacks);
    }

    void append(long array, long value) {
        Natives.CFArrayAppendValue(array, value);
    }

    void set(long dictionary, long key, long value) {
        Natives.CFDictionarySetValue(dictionary, key, value);
    }

    boolean isString(long object) {
        return is(object, strings);
    }

    boolean isDictionary(long object) {
        return is(object, dictionaries);
    }

    private boolean is(long object, long type) {
        return object != 0 && Natives.CFGetTypeID(object) == type;
    }

    /** A string's text without surrounding blanks; empty for anything else. */
    String text(long object) {
        boolean copied = isString(object)
                && Natives.CFStringGetCString(object, bufferAddress, TEXT_BYTES, UTF_8) != 0;
        return copied ? buffer.getString(0, "UTF-8").strip() : "";
    }

    /** The array under a key; 0 when there is none. */
    long array(long dictionary, long key) {
        long value = Natives.CFDictionaryGetValue(dictionary, key);
        return is(value, arrays) ? value : 0;
    }

    long count(long array) {
        return Natives.CFArrayGetCount(array);
    }

    /** The dictionary at an index; 0 when something else is there. */
    long dictionaryAt(long array, long index) {
        long value = Natives.CFArrayGetValueAtIndex(array, index);
        return isDictionary(value) ? value : 0;
    }

    /** The address of the data under a key; 0 when there is none, or less than so many bytes. */
    long bytes(long dictionary, long key, long least) {
        long value = Natives.CFDictionaryGetValue(dictionary, key);
        return is(value, datas) && Natives.CFDataGetLength(value) >= least ? Natives.CFDataGetBytePtr(value) : 0;
    }

    /** The whole number under a key; unavailable when there is none. */
    double number(long dictionary, long key) {
        long value = Natives.CFDictionaryGetValue(dictionary, key);
        return is(value, numbers) && Natives.CFNumberGetValue(value, SIGNED_64, bufferAddress) != 0
                ? buffer.getLong(0) : UNAVAILABLE;
    }
}
