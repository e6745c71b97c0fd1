def test_it(rewrite, d):
    assert rewrite("from lib.old import f, h\ndef probe(): return f(), h()\n") == d("""
        from lib.home import f
        from lib.other import h
        def probe(): return f(), h()
    """)
