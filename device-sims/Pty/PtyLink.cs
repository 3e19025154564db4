using System.Runtime.InteropServices;

namespace EdgeHub.DeviceSims.Pty;

/// <summary>
/// The stable name of a port: a symbolic link that appears, moves and disappears in one step each, so that
/// a reader finds the present pseudo terminal or nothing. A file that is no link is never touched.
/// </summary>
internal static class PtyLink
{
    /// <summary>Lets <paramref name="path"/> point to <paramref name="target"/>, whatever it pointed to before.</summary>
    /// <exception cref="IOException">Something that is no symbolic link lies there, or the directory refuses.</exception>
    internal static void Point(string path, string target)
    {
        var old = new FileInfo(path);
        if (old.LinkTarget is null && (old.Exists || Directory.Exists(path)))
        {
            throw new IOException($"{path} exists and is no symbolic link; remove it or name another directory.");
        }

        var next = path + ".next";
        File.Delete(next);
        File.CreateSymbolicLink(next, target);
        if (Libc.Rename(next, path) != 0)
        {
            throw new IOException($"{path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>Removes the link, if it still points to <paramref name="target"/>.</summary>
    internal static void Remove(string path, string target)
    {
        if (new FileInfo(path).LinkTarget == target)
        {
            File.Delete(path);
        }
    }
}
